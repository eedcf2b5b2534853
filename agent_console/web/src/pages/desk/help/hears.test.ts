import { describe, expect, it } from 'vitest';
import { bridgeOf } from './hears';

describe('who hears whom', () => {
  it('in a consult: the caller music, agent and engineer each other', () => {
    expect(bridgeOf([['caller', 'music'], ['agent', 'engineer']])).toMatchObject({ caller: 'music', agent: 'voice', engineer: 'voice', agentEngineer: true, callerAgent: false });
  });

  it('while the engineer is rung: the agent hears nobody', () => {
    expect(bridgeOf([['caller', 'music']])).toMatchObject({ agent: 'nothing', engineer: 'nothing' });
  });

  it('in a three-way call: all hear all', () => {
    const bridge = bridgeOf([['caller', 'agent'], ['agent', 'engineer'], ['caller', 'engineer']]);
    expect(bridge).toMatchObject({ caller: 'voice', callerAgent: true, agentEngineer: true, callerEngineer: true });
  });
});
