/** Every command a page may send, with its arguments (docs/protocol.md, section 2). */

export type Target =
  | { readonly kind: 'queue' | 'agent' | 'number'; readonly id: string }
  | { readonly kind: 'any_engineer' };

export interface Commands {
  'agent.login': Record<string, never>;
  'agent.logout': Record<string, never>;
  'agent.state': { state: 'READY' | 'AUX'; reason?: string };
  'softphone.registered': { endpoint: string };
  'call.hold': { call: string };
  'call.resume': { call: string };
  'call.hangup': { call: string };
  'call.blind': { call: string; target: Target };
  'consult.start': { call: string; target: Target };
  'consult.complete': { call: string };
  'consult.cancel': { call: string };
  'consult.three_way': { call: string };
  'call.dial': { number: string; owner?: string; ticket?: string; callback?: string };
  'call.owner': { call: string; owner: string };
  'call.ticket': { call: string; ticket: string };
  'wrapup.extend': { call: string; seconds: number };
  'record.pause': { call: string };
  'record.resume': { call: string };
}

export type CommandName = keyof Commands;
