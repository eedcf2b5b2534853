import { describe, expect, it } from 'vitest';
import { troubleOf } from './core_trouble';

const agent = { line: 'open', loaded: true, coreUp: false, slow: false, hasPhone: true, registered: true, session: false, inCall: false } as const;

describe('without the core', () => {
  it('a call of this page goes on by its line', () => {
    expect(troubleOf({ ...agent, session: true, inCall: true })).toBe('call');
  });

  it('an idle line still rings from the emergency queue', () => {
    expect(troubleOf(agent)).toBe('idle');
  });

  it('a page that never had a line says that nothing rings here', () => {
    expect(troubleOf({ ...agent, registered: false })).toBe('cold');
  });

  it('a page without the voice of the call says where it goes on', () => {
    expect(troubleOf({ ...agent, registered: false, inCall: true })).toBe('elsewhere');
  });

  it('a supervisor is told about his figures, not about call keys', () => {
    expect(troubleOf({ ...agent, hasPhone: false, registered: false })).toBe('watch');
  });
});

describe('before the first snapshot', () => {
  const cold = { ...agent, loaded: false, registered: false } as const;

  it('nothing is said while the first connection is being made', () => {
    expect(troubleOf({ ...cold, line: 'connecting' })).toBeNull();
  });

  it.each([{ line: 'connecting', slow: true }, { line: 'lost' }] as const)('a server that does not answer is an alarm: %o', (more) => {
    expect(troubleOf({ ...cold, ...more })).toBe('server');
  });

  it('a supervisor hears of it, too', () => {
    expect(troubleOf({ ...cold, hasPhone: false, line: 'lost' })).toBe('server');
  });
});

describe('no alarm of the core', () => {
  it.each([{ coreUp: true }, { line: 'over' }, { line: 'replaced' }, { line: 'off' }] as const)('when it is up or the session is over: %o', (more) => {
    expect(troubleOf({ ...agent, ...more })).toBeNull();
  });
});
