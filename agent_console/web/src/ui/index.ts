/** The primitives of every page. */
export { AsOf, Panel } from './Panel';
export { Choice, type Option } from './Choice';
export { Due, Elapsed, Remaining, urgency, type Urgency } from './Clock';
export { EmptyState } from './EmptyState';
export { ErrorLine, useErrorText } from './ErrorLine';
export { Formula } from './Formula';
export { Icon, Mark, type IconName } from './icons';
export { nameOf, SYMPTOMS, useAgentName, useAuxName, useChoosableReasons, useDispositionName, useQueueName, useSkillName, useSymptomText } from './names';
export { StateBadge, STATE_ICONS } from './StateBadge';
export { Tag, type Tone } from './Tag';
export { Zone, Zones } from './Zones';
