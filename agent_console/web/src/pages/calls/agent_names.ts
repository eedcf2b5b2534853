/** Agents by name. The live picture holds those the reader may see; anybody else is shown by number. */
import { useCallback } from 'react';
import { useAgents } from '@/live/store';

export function useAgentName(): (id: string | null | undefined) => string {
  const agents = useAgents();
  return useCallback((id) => (id ? (agents[id]?.name ?? id.replace(/^agt-/, '')) : ''), [agents]);
}
