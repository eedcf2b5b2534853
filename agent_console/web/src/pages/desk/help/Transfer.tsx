import { Button, TextInput } from '@mantine/core';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Agent } from '@/api/agents';
import type { Call } from '@/api/calls';
import type { Target } from '@/api/commands';
import { useDisplay } from '@/app/display';
import { closeTool, openTool } from '@/call/tools';
import type { MyCall } from '@/call/use_my_call';
import { command } from '@/live/store';
import { actionOf, letterOf } from '@/shell/keymap';
import { Choice, Elapsed, ErrorLine, Icon, nameOf, Panel, STATE_ICONS, useSkillName } from '@/ui';
import css from '../desk.module.css';
import { CloseTool } from './CloseTool';
import { blindRefused, blindTarget, consultRefused, type Scope, type TransferTarget } from './targets';
import { useTargets } from './use_targets';

const SCOPES: readonly Scope[] = ['all', 'hotline', 'agents', 'queues', 'phone'];

/** Type, choose, consult or hand over. The list keeps its order while presence changes in it. */
export function Transfer({ my, call }: { readonly my: MyCall; readonly call: Call }) {
  const { t } = useTranslation('desk');
  const [typed, setTyped] = useState('');
  const [scope, setScope] = useState<Scope>('all');
  const [at, setAt] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [refused, setRefused] = useState<string | null>(null);
  const list = useId();
  const found = useTargets(my.agent?.id ?? null, scope, typed);
  const refusal = useRefusal();
  const index = Math.max(0, found.findIndex((one) => one.key === at));
  const chosen = found[index];

  const send = (work: Promise<unknown>) => {
    setError(null);
    work.then(() => closeTool(), setError);
  };
  const choose = (key: string | null) => {
    setAt(key);
    setRefused(null);
    setError(null);
  };
  const ask = () => {
    const why = chosen ? consultRefused(chosen) : null;
    setRefused(chosen && why ? refusal(chosen, why) : null);
    if (!chosen || why) return;
    const target: Target = chosen.kind === 'agent' ? { kind: 'agent', id: chosen.agent.id } : { kind: 'any_engineer' };
    send(command('consult.start', { call: call.id, target }));
  };
  const blind = () => {
    const target = chosen ? blindTarget(chosen) : null;
    const why = chosen ? blindRefused(chosen) : null;
    setRefused(chosen && why ? refusal(chosen, why) : null);
    if (target) send(command('call.blind', { call: call.id, target }));
  };
  const chords = useDisplay((s) => s.chords);
  const key = (event: React.KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    // Chords are off while typing; this one's button stands below the field, which always has the focus here.
    if (actionOf(event.nativeEvent, { typing: false, mac: false, chords, safeWhileTyping: false })?.action === 'task') {
      event.preventDefault();
      openTool('task');
      return;
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      choose(found[(index + step + found.length) % Math.max(1, found.length)]?.key ?? null);
    } else if (event.key === 'Enter' && !event.ctrlKey) {
      event.preventDefault();
      if (event.shiftKey) blind();
      else ask();
    }
  };

  return (
    <Panel title={t('transfer.title')} count={t('transfer.still_there')} role="dialog" size="grow" line={false} flush aside={<CloseTool />} foot={<Actions chosen={chosen} coreUp={my.coreUp} onAsk={ask} onBlind={blind} />}>
      <div className={css.search}>
        <TextInput autoFocus role="combobox" aria-expanded aria-controls={list} aria-activedescendant={chosen ? `${list}-${chosen.key}` : undefined} aria-label={t('transfer.to')} placeholder={t('transfer.hint')}
          value={typed} onChange={(event) => { setTyped(event.currentTarget.value); choose(null); }} onKeyDown={key} autoComplete="off" />
        <Choice label={t('transfer.scope')} value={scope} onChange={(next) => { setScope(next); choose(null); }} options={SCOPES.map((value) => ({ value, label: t(`transfer.scopes.${value}`) }))} />
        {refused === null ? <ErrorLine error={error} /> : <ErrorLine>{refused}</ErrorLine>}
      </div>
      <div className={css.options} role="listbox" id={list} aria-label={t('transfer.to')}>
        {found.map((one) => <Option key={one.key} id={`${list}-${one.key}`} target={one} selected={one === chosen} onPick={() => choose(one.key)} />)}
      </div>
    </Panel>
  );
}

/** Why not, with the name and what this person is doing now. */
function useRefusal(): (target: TransferTarget, why: 'busy' | 'not_a_person' | 'nobody' | 'choose') => string {
  const { t } = useTranslation('desk');
  return (target, why) => (target.kind === 'agent' ? t('transfer.refused.busy', { name: target.agent.name, state: t(`common:state.${target.agent.state}`) }) : t(`transfer.refused.${why}`));
}

function Option({ id, target, selected, onPick }: { readonly id: string; readonly target: TransferTarget; readonly selected: boolean; readonly onPick: () => void }) {
  const { t, i18n } = useTranslation('desk');
  const refused = consultRefused(target);
  const off = refused !== null && blindTarget(target) === null;
  return (
    <div id={id} role="option" aria-selected={selected} className={css.option} data-off={off || undefined} onClick={onPick}>
      <TargetIcon target={target} />
      <span style={{ minWidth: 0 }}>
        <b>{target.kind === 'agent' ? target.agent.name : target.kind === 'queue' ? nameOf(target.queue, i18n.language) : target.kind === 'number' ? target.number : t('transfer.any')}</b>
        <TargetDetail target={target} />
      </span>
      <span className="dim num">{target.kind === 'agent' ? target.agent.number : ''}</span>
    </div>
  );
}

function TargetIcon({ target }: { readonly target: TransferTarget }) {
  if (target.kind === 'agent') return <span style={{ color: `var(--${target.agent.state}-fg)` }}><Icon name={STATE_ICONS[target.agent.state]} /></span>;
  return <Icon name={target.kind === 'queue' ? 'list' : target.kind === 'number' ? 'phone-out' : 'bolt'} />;
}

function TargetDetail({ target }: { readonly target: TransferTarget }) {
  const { t } = useTranslation('desk');
  if (target.kind === 'any_engineer') return <small>{t('transfer.ready', { n: target.ready })}</small>;
  if (target.kind === 'number') return <small>{t('transfer.outside')}</small>;
  if (target.kind === 'queue') {
    const { waiting, longest_since } = target.queue;
    return <small>{waiting === 0 ? t('transfer.nobody_waits') : <>{t('transfer.waiting', { n: waiting })} {longest_since && <Elapsed since={longest_since} />}</>}</small>;
  }
  return <PersonDetail agent={target.agent} />;
}

function PersonDetail({ agent }: { readonly agent: Agent }) {
  const { t } = useTranslation('desk');
  const skillName = useSkillName();
  const skills = Object.entries(agent.skills).map(([skill, level]) => `${skillName(skill)} ${level}`).join(', ');
  return <small>{t(`common:state.${agent.state}`)}{agent.state === 'READY' ? '' : <> <Elapsed since={agent.since} /></>} · {t(`common:role.${agent.role}`)}{skills && ` · ${skills}`}</small>;
}

function Actions({ chosen, coreUp, onAsk, onBlind }: { readonly chosen: TransferTarget | undefined; readonly coreUp: boolean; readonly onAsk: () => void; readonly onBlind: () => void }) {
  const { t } = useTranslation('desk');
  const name = chosen?.kind === 'agent' ? chosen.agent.name : t('transfer.any_short');
  const refused = chosen ? consultRefused(chosen) : 'not_a_person';
  const chords = useDisplay((s) => s.chords);
  const blind = chosen !== undefined && blindTarget(chosen) !== null;
  return (
    <div className={css.actions}>
      <Button variant="filled" disabled={refused !== null || !coreUp} leftSection={<Icon name="users" />} rightSection={<kbd>⏎</kbd>} onClick={onAsk}>{t('transfer.consult', { name })}</Button>
      <Button disabled={!blind || !coreUp} leftSection={<Icon name="right" />} rightSection={<kbd>Shift ⏎</kbd>} onClick={onBlind}>{t('transfer.blind')}</Button>
      <Button disabled={!coreUp} leftSection={<Icon name="sheet" />} rightSection={<kbd>Alt {letterOf('task', chords)}</kbd>} onClick={() => openTool('task')}>{t('transfer.task')}</Button>
    </div>
  );
}
