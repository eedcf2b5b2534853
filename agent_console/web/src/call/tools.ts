/** The tool that is open in the help zone: one at a time, at a fixed place, never over the owner. */
import { create } from 'zustand';

export type Tool = 'transfer' | 'keypad' | 'task' | 'owner';

export const useTool = create<{ tool: Tool | null }>(() => ({ tool: null }));
export const openTool = (tool: Tool): void => useTool.setState({ tool });
export const closeTool = (): void => useTool.setState({ tool: null });
export const toggleTool = (tool: Tool): void => useTool.setState((s) => ({ tool: s.tool === tool ? null : tool }));
