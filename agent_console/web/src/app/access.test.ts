import { describe, expect, it } from 'vitest';
import { homeOf, pagesOf } from './access';

describe('the pages of a role', () => {
  it('are those whose lists the server gives it', () => {
    expect(pagesOf('admin')).toEqual(['board', 'calls']);
    expect(pagesOf('coordinator')).toEqual(['hotline', 'owners', 'tickets', 'callbacks']);
    expect(pagesOf('supervisor')).toEqual(['hotline', 'board', 'calls', 'owners', 'tickets', 'callbacks']);
  });

  it('are the tickets for a field engineer: those that he holds or that wait for his role', () => {
    expect(pagesOf('field_engineer')).toEqual(['tickets']);
  });

  it('begin with the one it works on', () => {
    expect([homeOf('agent'), homeOf('hotline_engineer'), homeOf('admin'), homeOf('field_engineer')]).toEqual(['desk', 'hotline', 'board', 'tickets']);
  });
});
