import type { TFunction } from 'i18next';
import { describe, expect, it } from 'vitest';
import en from '@/i18n/en/common.json';
import zh from '@/i18n/zh-CN/common.json';
import { ApiError, errorText } from './errors';

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
});
