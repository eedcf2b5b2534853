import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { serverNow } from '@/clock/ticker';
import { tomorrowAtNine } from './order';

const MINUTE = 60_000;

/** The times people agree on most, one press each. */
export function WhenButtons({ onPick }: { readonly onPick: (time: Date) => void }) {
  const { t } = useTranslation('callbacks');
  const choices: readonly (readonly [string, () => Date])[] = [
    [t('in_15'), () => new Date(serverNow() + 15 * MINUTE)],
    [t('in_60'), () => new Date(serverNow() + 60 * MINUTE)],
    [t('tomorrow'), () => tomorrowAtNine(serverNow())],
  ];
  return (
    <div className="row" style={{ flexWrap: 'wrap' }}>
      {choices.map(([label, time]) => (
        <Button key={label} size="xs" variant="default" onClick={() => onPick(time())}>{label}</Button>
      ))}
    </div>
  );
}
