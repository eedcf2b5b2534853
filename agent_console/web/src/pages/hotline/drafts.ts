/** What an engineer has written on a sheet, until it is resolved: his own, and kept by this tab as every draft is. */
import { useFormDraft, type FormDraft } from '@/drafts/form';
import { EMPTY_DRAFT, type Draft } from './sheets';

export const useSheetDraft = (sheet: string): FormDraft<Draft> => useFormDraft(`sheet.${sheet}`, EMPTY_DRAFT);
