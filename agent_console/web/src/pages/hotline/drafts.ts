/** What an engineer has written on each sheet, kept while the page lives: another sheet, another page, a lost line cost nothing. */
import { create } from 'zustand';
import { EMPTY_DRAFT, type Draft } from './sheets';

const useDrafts = create<{ readonly drafts: Readonly<Record<string, Draft>> }>(() => ({ drafts: {} }));

export const useDraft = (sheet: string): Draft => useDrafts((s) => s.drafts[sheet] ?? EMPTY_DRAFT);

export const changeDraft = (sheet: string, part: Partial<Draft>): void =>
  useDrafts.setState(({ drafts }) => ({ drafts: { ...drafts, [sheet]: { ...(drafts[sheet] ?? EMPTY_DRAFT), ...part } } }));

export const dropDraft = (sheet: string): void =>
  useDrafts.setState(({ drafts }) => {
    const { [sheet]: _done, ...rest } = drafts;
    return { drafts: rest };
  });
