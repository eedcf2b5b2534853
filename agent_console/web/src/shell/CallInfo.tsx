import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Agent } from '@/api/agents';
import type { Call } from '@/api/calls';
import { useSession } from '@/api/queries';
import { mayOpen } from '@/app/access';
import { useCaller, type Caller } from '@/call/caller';
import { extendWrapUp } from '@/call/control';
import type { Phase } from '@/call/phase';
import type { MyCall } from '@/call/use_my_call';
import { duration } from '@/clock/format';
import { seconds } from '@/clock/ticker';
import { useAgent } from '@/live/store';
import { Elapsed, Icon, Remaining, Tag, useQueueName } from '@/ui';
import { useAction } from './actions';
import css from './shell.module.css';

interface PartProps {
  readonly my: MyCall;
  readonly call: Call | null;
  readonly caller: Caller;
}

const PARTS: Readonly<Record<Exclude<Phase, 'idle' | 'signed_off'>, (props: PartProps) => React.ReactNode>> = {
  offer: Offer,
  dialling: Talking,
  talking: Talking,
  consult: Consulting,
  wrapup: WrapUp,
  lost: Lost,
};

/** What the search finds for this role, and whether it dials. */
function useOmni(): string {
  const session = useSession().data;
  if (!mayOpen(session?.user.role, 'owners')) return mayOpen(session?.user.role, 'tickets') ? 'omni_tickets' : 'omni_pages';
  return session?.agent ? 'omni' : 'omni_records';
}

/** The middle of the call bar: who is there and since when, in each phase at the same place. */
export function CallInfo({ my, onFind }: { readonly my: MyCall; readonly onFind: () => void }) {
  const { t } = useTranslation('shell');
  const caller = useCaller(my.call, my.pop);
  const omni = useOmni();
  if (my.phase === 'idle' || my.phase === 'signed_off') {
    return (
      <button type="button" className={css.omni} onClick={onFind}>
        <Icon name="search" />
        <span className="cut grow">{t(omni)}</span>
        <kbd>Ctrl K</kbd>
      </button>
    );
  }
  // The engineer in a consult is ON_CALL for the core; he too needs to see whom he hears.
  const Part = my.phase === 'talking' && !my.mine ? Consulting : PARTS[my.phase];
  return <Part my={my} call={my.call} caller={caller} />;
}

function Name({ caller, children }: { readonly caller: Caller; readonly children?: React.ReactNode }) {
  return (
    <div className={css.first}>
      <b className={css.who} title={caller.name}>{caller.name}</b>
      <span className={`num ${css.number}`}>{caller.number}</span>
      {children}
    </div>
  );
}

function Offer({ my, call, caller }: PartProps) {
  const { t } = useTranslation('shell');
  const queueName = useQueueName();
  const more = (my.pop?.candidates.length ?? 0) - 1;
  const queue = queueName(call?.queue);
  return (
    <>
      <span className={css.bell}>
        <Icon name="bell" size={26} />
      </span>
      <span className="sr" role="alert">{t('incoming', { name: caller.name, queue })}</span>
      <div className={css.text}>
        <Name caller={caller}>{more > 0 && <span className={css.narrow}><Tag>{t('candidates_more', { count: more })}</Tag></span>}</Name>
        {call && (
          <div className={css.second}>
            <b>{queue}</b>
            {call.language && <> · {t(`common:language.${call.language}`, { defaultValue: call.language })}</>}
            {call.queued_at && <> · {t('waited')} <Elapsed since={call.queued_at} /></>}
            {call.ring_until && <> · {t('rings_for')} <Remaining until={call.ring_until} /></>}
          </div>
        )}
      </div>
    </>
  );
}

/** Never left out, in a consult neither: somebody must be told that this call is not on record. */
function Unrecorded() {
  const { t } = useTranslation('shell');
  return <Tag tone="late"><Icon name="alert" size={12} />{t('recording_failed')}</Tag>;
}

/** Behind the figures, which stand still: what was switched off. The line above is the name's, who must not be cut short for it. */
function Timers({ call, muted }: { readonly call: Call; readonly muted: boolean }) {
  const { t } = useTranslation('shell');
  const from = call.queued_at ?? call.started_at;
  const failed = call.recording === 'failed';
  return (
    <span className={css.timers}>
      {failed && <Unrecorded />}
      {call.direction === 'in' && <span>{t('wait')} {call.answered_at ? duration(seconds(call.answered_at) - seconds(from)) : <Elapsed since={from} />}</span>}
      {call.answered_at && <b>{t('talk')} <Elapsed since={call.answered_at} /></b>}
      <span className={failed || muted ? css.narrow : undefined}>{t('total')} <Elapsed since={call.started_at} /></span>
      {muted && <Tag tone="soon"><Icon name="mic-off" size={12} />{t('muted')}</Tag>}
      {call.recording === 'paused' && <span className={css.narrow}><Tag tone="soon"><Icon name="pause" size={12} />{t('recording_paused')}</Tag></span>}
    </span>
  );
}

function Talking({ my, call, caller }: PartProps) {
  const { t } = useTranslation('shell');
  const queueName = useQueueName();
  return (
    <div className={css.text}>
      <Name caller={caller}>
        {!my.coreUp ? (
          <Tag tone="soon"><Icon name="alert" size={12} />{t(my.session === null ? 'last_known' : 'line_only')}</Tag>
        ) : (
          call?.queue && <span className={css.narrow}><Tag><Icon name={call.direction === 'in' ? 'in' : 'out'} size={12} />{queueName(call.queue)}</Tag></span>
        )}
      </Name>
      {call && <Timers call={call} muted={my.session?.muted === true} />}
    </div>
  );
}

/** Two names: who is on hold, who is being talked to. In a three-way call both are live. */
function Consulting({ my, call, caller }: PartProps) {
  const otherId = my.mine ? call?.consult?.engineer : call?.agent;
  const other = useAgent(otherId);
  const three = call?.consult?.state === 'three_way';
  return (
    <div className={css.parties}>
      <CallerParty call={call} caller={caller} live={three} />
      <ColleagueParty call={call} other={other} id={otherId ?? ''} />
      {call?.recording === 'failed' && <span className={css.beside}><Unrecorded /></span>}
    </div>
  );
}

function CallerParty({ call, caller, live }: { readonly call: Call | null; readonly caller: Caller; readonly live: boolean }) {
  const { t } = useTranslation('shell');
  return (
    <div className={css.party} data-live={live}>
      <Icon name={live ? 'users' : 'pause'} size={18} />
      <b>{caller.name}</b>
      <span>{t(live ? 'three_way' : 'held_music')} {call?.consult && <Elapsed since={call.consult.since} />}</span>
    </div>
  );
}

function ColleagueParty({ call, other, id }: { readonly call: Call | null; readonly other: Agent | null; readonly id: string }) {
  const { t } = useTranslation('shell');
  const ringing = call?.consult?.state === 'ringing';
  return (
    <div className={css.party} data-live={!ringing}>
      <Icon name={ringing ? 'bell' : 'phone'} size={18} />
      <b>{other?.name ?? id}</b>
      <span>
        {other && <span className={css.narrow}>{t(`common:role.${other.role}`)} · </span>}
        {t(ringing ? 'ringing_to' : 'talking_to')} {call?.consult && <Elapsed since={call.consult.since} />}
      </span>
    </div>
  );
}

function WrapUp({ my, call, caller }: PartProps) {
  const { t } = useTranslation('shell');
  const ready = call !== null && my.coreUp;
  useAction('extend', () => { if (call) void extendWrapUp(call); }, ready);
  return (
    <>
      <div className={css.text}>
        <Name caller={caller} />
        <span className={css.timers}>
          {call?.ended_by && <span className={css.narrow}>{t(`ended_by.${call.ended_by}`)}</span>}
          {call?.answered_at && <span>{t('talk')} {duration(seconds(call.ended_at ?? call.since) - seconds(call.answered_at))}</span>}
          {call && <span>{t('total')} {duration(seconds(call.ended_at ?? call.since) - seconds(call.started_at))}</span>}
        </span>
      </div>
      {my.agent?.wrap_up_until && (
        <span className={css.left}>
          {t('wrapup_left')}
          <b><Remaining until={my.agent.wrap_up_until} /></b>
        </span>
      )}
      <Button disabled={!ready} onClick={() => { if (call) void extendWrapUp(call); }} rightSection={<kbd className={css.narrow}>Alt +</kbd>}>
        {t('extend')}
      </Button>
    </>
  );
}

function Lost({ call, caller }: PartProps) {
  const { t } = useTranslation('shell');
  return (
    <div className={css.text}>
      <div className={css.first}>
        <b className={css.who}>{call ? caller.name : t('common:state.LOST')}</b>
        <Tag tone="late"><Icon name="unlink" size={12} />{t('line_lost')}</Tag>
      </div>
      {call && (
        <div className={css.second}>
          {t('owner_hears_music')}
          {call.hold_for_agent_until && <> · {t('kept_for_you')} <Remaining until={call.hold_for_agent_until} /></>}
        </div>
      )}
    </div>
  );
}
