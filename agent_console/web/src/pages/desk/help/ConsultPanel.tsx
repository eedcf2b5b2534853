import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Agent } from '@/api/agents';
import type { Call } from '@/api/calls';
import { useCaller } from '@/call/caller';
import { consult } from '@/call/control';
import { fieldName, missing, useDraft } from '@/call/drafts';
import type { MyCall } from '@/call/use_my_call';
import { useAgent } from '@/live/store';
import { useAction } from '@/shell/actions';
import { Elapsed, Icon, Panel, useSkillName, type IconName } from '@/ui';
import css from '../desk.module.css';
import { bridgeOf, type Hears } from './hears';

/** Who hears whom, as the switch has it, and the ways out. Cancel is always there. */
export function ConsultPanel({ my, call }: { readonly my: MyCall; readonly call: Call }) {
  const { t } = useTranslation('desk');
  return (
    <Panel title={t('consult.title')} role="dialog" size="grow" line={false} live foot={my.mine ? <WaysOut my={my} call={call} /> : undefined}>
      <Bridge my={my} call={call} />
      <Readiness my={my} call={call} />
    </Panel>
  );
}

/** A party's name; the reader is "you". */
function usePartyName(my: MyCall): (party: Agent | null) => string {
  const { t } = useTranslation('desk');
  return (party) => (party !== null && party.id === my.agent?.id ? t('consult.you', { number: party.number }) : (party?.name ?? ''));
}

const callerWire = (bridge: ReturnType<typeof bridgeOf>): string => (bridge.callerAgent ? 'all' : bridge.callerEngineer ? 'both_ways' : 'hears_neither');

function Bridge({ my, call }: { readonly my: MyCall; readonly call: Call }) {
  const { t } = useTranslation('desk');
  const caller = useCaller(call, my.pop);
  const bridge = bridgeOf(call.hears);
  const agent = useAgent(call.agent);
  const engineer = useAgent(call.consult?.engineer);
  const partyName = usePartyName(my);
  const waiting = call.consult?.state === 'ringing' ? 'ringing' : 'cut';
  return (
    <div className={css.bridge}>
      <Node icon={bridge.caller === 'music' ? 'pause' : 'user'} hears={bridge.caller} name={caller.name}>
        {t(`consult.caller_${bridge.caller}`)} {call.consult && <Elapsed since={call.consult.since} />}
      </Node>
      <Wire joined={bridge.callerAgent || bridge.callerEngineer} text={t(`consult.${callerWire(bridge)}`)} />
      <Node icon="headset" hears={bridge.agent} name={partyName(agent)}>{call.recording === 'on' && t('consult.recorded')}</Node>
      <Wire joined={bridge.agentEngineer} text={t(`consult.${bridge.agentEngineer ? 'both_ways' : waiting}`)} />
      <Node icon="bolt" hears={bridge.engineer} name={partyName(engineer)}>{engineer && <EngineerDetail engineer={engineer} />}</Node>
    </div>
  );
}

function EngineerDetail({ engineer }: { readonly engineer: Agent }) {
  const { t } = useTranslation('desk');
  const queue = useSkillName();
  const skills = Object.entries(engineer.skills).slice(0, 2).map(([skill, level]) => ` · ${queue(skill)} ${level}`);
  return <>{t(`common:role.${engineer.role}`)}{skills}</>;
}

function Node({ icon, hears, name, children }: { readonly icon: IconName; readonly hears: Hears; readonly name: string; readonly children: React.ReactNode }) {
  return (
    <div className={css.node} data-hears={hears}>
      <Icon name={icon} size={18} />
      <div>
        <b>{name}</b>
        <span>{children}</span>
      </div>
    </div>
  );
}

function Wire({ joined, text }: { readonly joined: boolean; readonly text: string }) {
  return <div className={css.wire} data-cut={!joined || undefined}>{text}</div>;
}

function Readiness({ my, call }: { readonly my: MyCall; readonly call: Call }) {
  const { t } = useTranslation('desk');
  const draft = useDraft(call.id);
  const gaps = missing(draft.intake);
  if (!my.mine || gaps.length === 0) return null;
  return <p className="sm mut">{t('consult.gaps', { fields: gaps.map((field) => t(`intake.${fieldName(field)}`)).join(t('list_join')) })}</p>;
}

function WaysOut({ my, call }: { readonly my: MyCall; readonly call: Call }) {
  const { t } = useTranslation('desk');
  const engineer = useAgent(call.consult?.engineer);
  const state = call.consult?.state ?? 'ringing';
  const talking = state !== 'ringing' && my.coreUp;
  const three = state === 'talking' && my.coreUp;
  const name = engineer?.name ?? '';
  useAction('pick', (index) => { if (index === 3) void consult.threeWay(call); }, three);
  useAction('cancel', () => void consult.cancel(call), my.coreUp && state !== 'three_way');
  return (
    <div className={css.actions}>
      <Button variant="filled" disabled={!talking} leftSection={<Icon name="right" />} rightSection={<kbd>Alt T</kbd>} onClick={() => void consult.complete(call)}>{t('consult.complete', { name })}</Button>
      <Button disabled={!three} leftSection={<Icon name="users" />} rightSection={<kbd>Alt 3</kbd>} onClick={() => void consult.threeWay(call)}>{t('consult.three_way')}</Button>
      <Button disabled={!my.coreUp} leftSection={<Icon name="x" />} rightSection={<kbd>Esc</kbd>} onClick={() => void consult.cancel(call)}>{t(state === 'three_way' ? 'consult.leave_engineer' : 'consult.cancel', { name })}</Button>
    </div>
  );
}
