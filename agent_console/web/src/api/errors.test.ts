import type { TFunction } from 'i18next';
import { describe, expect, it } from 'vitest';
import en from '@/i18n/en/common.json';
import zh from '@/i18n/zh-CN/common.json';
import { ApiError, errorText, whyText } from './errors';

const [server = ''] = Object.values(import.meta.glob<string>('../../../server/errors.py', { eager: true, query: '?raw', import: 'default' }));

const speak = (texts: typeof en | typeof zh): TFunction =>
  ((key: string, params: Record<string, unknown>) => {
    const path = key.replace('common:', '').split('.');
    const found = path.reduce<unknown>((node, step) => (typeof node === 'object' && node !== null ? (node as Record<string, unknown>)[step] : undefined), texts);
    const text = typeof found === 'string' ? found : String(params.defaultValue);
    return text.replace(/{{(\w+)}}/g, (_, name: string) => String(params?.[name]));
  }) as unknown as TFunction;

const name = (id: string) => (id === 'agt-2003' ? '高磊' : id.replace(/^agt-/, ''));

describe('an error', () => {
  it('that something is taken names who has it', () => {
    const taken = new ApiError('taken', { holder: 'agt-2003' });
    expect([errorText(speak(zh), taken, name), errorText(speak(en), taken, name)]).toEqual(['高磊 先接手了。', '高磊 was faster and has it now.']);
  });

  it('that something is taken by nobody known says somebody', () => {
    expect(errorText(speak(en), new ApiError('taken', { holder: '' }), name)).toBe('Somebody else was faster and has it now.');
  });

  it('without a sentence shows its code', () => {
    expect(errorText(speak(en), new ApiError('moon_risen'))).toContain('moon_risen');
  });

  it('about a field says which, in words', () => {
    const number = new ApiError('invalid_value', { field: 'phones.0.number', fields: ['phones.0.number'] });
    expect([errorText(speak(zh), number), errorText(speak(en), number)]).toEqual(['不合要求：号码。请检查后再试。', 'Not acceptable: number. Please check and try again.']);
  });

  it('about a field says why, when that is known', () => {
    const number = new ApiError('invalid_value', { field: 'number', reason: 'not_a_number' });
    expect([errorText(speak(zh), number), errorText(speak(en), number)]).toEqual(['不合要求：号码（不是电话号码）。', 'Not acceptable: number (that is not a telephone number).']);
  });

  it('about empty fields names them all', () => {
    const empty = new ApiError('fields_missing', { fields: ['equipment', 'since_when'] });
    expect([errorText(speak(zh), empty), errorText(speak(en), empty)]).toEqual(['还没有填写：设备、何时开始。', 'Still empty: equipment, since when.']);
  });

  it('about a field without a name is the general sentence', () => {
    expect(errorText(speak(en), new ApiError('invalid_value', { field: 'cursor' }))).toBe('One of the values is not acceptable. Please check and try again.');
  });

  it('inside a sentence leaves the full stop to it', () => {
    expect([whyText(speak(zh), new ApiError('duplicate')), whyText(speak(en), new ApiError('duplicate'))]).toEqual(['同样的记录已经存在', 'The same record exists already']);
  });

  const codes = [...server.matchAll(/^ {4}"(\w+)": \d{3},/gm)].map((found) => found[1] ?? '');
  it.each([...codes, ...['ticket', 'owner', 'callback', 'task_sheet', 'call', 'agent', 'recording', 'page'].map((kind) => `no_such_${kind}`)])('%s of the server has a sentence of its own in both languages', (code) => {
    expect(codes.length).toBeGreaterThan(20);
    expect([code in en.errors, code in zh.errors]).toEqual([true, true]);
  });
});
