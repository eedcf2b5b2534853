/** One stroke family, 1.75, at 12, 14, 16, 20 px. Icons say what they stand for here, not what they look like. */
import {
  IconAlertTriangle, IconArrowDownLeft, IconArrowRight, IconArrowUpRight, IconArrowsExchange, IconArrowsLeftRight, IconBell, IconBolt,
  IconBuilding, IconBulb, IconCalendarEvent, IconChartBar, IconCheck, IconChevronDown, IconCircleCheck, IconClipboardText, IconClock, IconCoffee,
  IconDialpad, IconDownload, IconEye, IconFileText, IconHeadset, IconHourglassHigh, IconLanguage, IconList, IconMessage, IconMicrophone, IconMicrophoneOff, IconMoon,
  IconPencil, IconPhone, IconPhoneCall, IconPhoneIncoming, IconPhoneOff, IconPhoneOutgoing, IconPlayerPause, IconPlayerPlay, IconPlayerRecord, IconPlus,
  IconPower, IconRefresh, IconSearch, IconSettings, IconShieldCheck, IconStar, IconSun, IconTag, IconTicket, IconTruck, IconUnlink, IconUser, IconUserPlus, IconUsers,
  IconVolume, IconWifi, IconX,
} from '@tabler/icons-react';

const ICONS = {
  add: IconPlus, alert: IconAlertTriangle, back: IconRefresh, bell: IconBell, bolt: IconBolt, building: IconBuilding, bulb: IconBulb, calendar: IconCalendarEvent,
  chart: IconChartBar, check: IconCheck, clock: IconClock, cup: IconCoffee, dark: IconMoon, down: IconChevronDown, download: IconDownload, eye: IconEye, file: IconFileText,
  gear: IconSettings, headset: IconHeadset, hourglass: IconHourglassHigh, in: IconArrowDownLeft, keypad: IconDialpad, language: IconLanguage, light: IconSun,
  list: IconList, message: IconMessage, mic: IconMicrophone, 'mic-off': IconMicrophoneOff, out: IconArrowUpRight, pause: IconPlayerPause, pencil: IconPencil,
  'person-add': IconUserPlus, phone: IconPhone, 'phone-in': IconPhoneIncoming, 'phone-live': IconPhoneCall, 'phone-off': IconPhoneOff,
  'phone-out': IconPhoneOutgoing, play: IconPlayerPlay, power: IconPower, ready: IconCircleCheck, rec: IconPlayerRecord, refresh: IconRefresh,
  right: IconArrowRight, search: IconSearch, sheet: IconClipboardText, shield: IconShieldCheck, star: IconStar, swap: IconArrowsLeftRight, tag: IconTag, ticket: IconTicket,
  transfer: IconArrowsExchange, truck: IconTruck, unlink: IconUnlink, user: IconUser, users: IconUsers, volume: IconVolume, wifi: IconWifi, x: IconX,
} as const;

export type IconName = keyof typeof ICONS;

/** Decoration beside a word; the word carries the meaning. */
export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: 12 | 14 | 16 | 18 | 20 | 22 | 26 }) {
  const Shape = ICONS[name];
  return <Shape className="icon" size={size} stroke={1.75} aria-hidden style={{ width: size, height: size }} />;
}

/** The mark: a beam with three bells. */
export function Mark({ size }: { readonly size: number }) {
  return (
    <svg viewBox="0 0 24 24" width={size} height={size} aria-hidden fill="var(--mark)">
      <path d="M1.500 2h21v2h-21zM5 4h3v2H5zM4 6h5l1.700 15q-4.200-2-8.400 0zM13.200 4h2.200v2h-2.200zM12.500 6h3.600l1.200 10.500q-3-1.600-6 0zM19.400 4h1.800v2h-1.800zM18.900 6h2.800l.8 6.700q-2.200-1.300-4.400 0z" />
    </svg>
  );
}
