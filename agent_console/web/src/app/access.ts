/** Which pages a role opens, first one first. The server decides what it may read (`dependencies=allow(…)` of its resources); this
 *  only keeps dead links away. */
import type { Role } from '@/api/session';

export const PAGES = ['desk', 'hotline', 'board', 'calls', 'owners', 'tickets', 'callbacks'] as const;
export type PageName = (typeof PAGES)[number];

const OPEN: Readonly<Record<Role, readonly PageName[]>> = {
  agent: ['desk', 'calls', 'owners', 'tickets', 'callbacks'],
  hotline_engineer: ['hotline', 'desk', 'calls', 'owners', 'tickets', 'callbacks'],
  coordinator: ['tickets', 'hotline', 'owners', 'callbacks'],
  field_engineer: ['tickets'],
  supervisor: ['board', 'hotline', 'calls', 'owners', 'tickets', 'callbacks'],
  admin: ['board', 'calls'],
};

export const pagesOf = (role: Role): readonly PageName[] => PAGES.filter((page) => OPEN[role].includes(page));
export const mayOpen = (role: Role | undefined, page: PageName): boolean => role !== undefined && OPEN[role].includes(page);
export const homeOf = (role: Role): PageName => OPEN[role][0] ?? 'tickets';
