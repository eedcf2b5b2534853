import { useEffect, useState } from 'react';
import { Outlet, useLocation } from 'react-router';
import { Boundary } from '@/app/Boundary';
import { Alarms } from './Alarms';
import { CallBar } from './CallBar';
import { KeySheet } from './KeySheet';
import { Palette } from './Palette';
import { Rail } from './Rail';
import css from './shell.module.css';
import { Strip } from './Strip';
import { useAction } from './actions';
import { useKeyboard } from './use_keyboard';
import { nextZone } from './zone_cycle';

/** Rail, call bar and strip around the zones. They never move; only the zones change with the page. */
export function Shell() {
  const [overlay, setOverlay] = useState<'sheet' | 'palette' | null>(null);
  const { pathname } = useLocation();
  const close = () => setOverlay(null);
  useKeyboard();
  useAction('sheet', () => setOverlay((open) => (open === 'sheet' ? null : 'sheet')));
  useAction('palette', () => setOverlay((open) => (open === 'palette' ? null : 'palette')));
  useAction('zone', nextZone);
  useEffect(() => {
    document.body.dataset.ready = 'true';
  }, []);
  return (
    <div className={css.shell}>
      <Rail onFind={() => setOverlay('palette')} onKeys={() => setOverlay('sheet')} />
      <CallBar onFind={() => setOverlay('palette')} />
      <div className={css.page}>
        <Boundary place={pathname}>
          <Outlet />
        </Boundary>
        {overlay === 'sheet' && <KeySheet onClose={close} />}
        {overlay === 'palette' && <Palette onClose={close} />}
      </div>
      <Alarms />
      <Strip />
    </div>
  );
}
