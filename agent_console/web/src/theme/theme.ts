/** The tokens as a Mantine theme. tokens.css owns the values; here Mantine's own variables are pointed at them. */
import { Button, createTheme, Input, NativeSelect, Textarea, TextInput, Tooltip, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

const verdigris: MantineColorsTuple = [
  '#e0f0ee', '#c2e1de', '#9bcfca', '#5fc7bf', '#3aa59e', '#1f837f', '#0b6664', '#095452', '#074341', '#06211f',
];

export const theme = createTheme({
  primaryColor: 'verdigris',
  primaryShade: { light: 6, dark: 3 },
  colors: { verdigris },
  fontFamily: 'var(--font)',
  fontFamilyMonospace: 'var(--mono)',
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  spacing: { xs: '4px', sm: '8px', md: '12px', lg: '16px', xl: '24px' },
  radius: { xs: '3px', sm: '5px', md: '8px', lg: '12px', xl: '16px' },
  lineHeights: { xs: '1.25', sm: '1.45', md: '1.45', lg: '1.45', xl: '1.25' },
  defaultRadius: 'sm',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    // Controls are 32 px high, 26 px inside rows (size xs): the two heights of the design.
    Button: Button.extend({
      defaultProps: { variant: 'default', size: 'sm' },
      vars: (_theme, props) => ({
        root: {
          ...(props.size === 'xs'
            ? { '--button-height': '26px', '--button-padding-x': '8px', '--button-fz': '12px' }
            : { '--button-height': '32px', '--button-padding-x': '12px', '--button-fz': '13px' }),
          // White on the dark scheme's light verdigris would be 1.9 : 1.
          ...(props.variant === 'filled' && props.color === undefined ? { '--button-color': 'var(--on-accent)' } : {}),
        },
      }),
    }),
    Input: Input.extend({ vars: () => ({ wrapper: { '--input-height': '32px', '--input-fz': '13px', '--input-padding-x': '10px' } }) }),
    InputWrapper: Input.Wrapper.extend({ vars: () => ({ label: { '--input-label-size': '12px' }, error: { '--input-error-size': '12px' }, description: {}, success: {} }) }),
    TextInput: TextInput.extend({ defaultProps: { size: 'sm' } }),
    Textarea: Textarea.extend({ defaultProps: { size: 'sm' } }),
    NativeSelect: NativeSelect.extend({ defaultProps: { size: 'sm' } }),
    Tooltip: Tooltip.extend({ defaultProps: { openDelay: 200, fz: 'xs' } }),
  },
});

/** Both schemes read the same names, so the resolver is the same list twice: tokens.css changes under them. */
const ALIASES = {
  '--mantine-color-body': 'var(--bg)',
  '--mantine-color-text': 'var(--ink)',
  '--mantine-color-dimmed': 'var(--ink-2)',
  '--mantine-color-anchor': 'var(--accent)',
  '--mantine-color-error': 'var(--late-fg)',
  '--mantine-color-placeholder': 'var(--ink-3)',
  '--mantine-color-default': 'var(--surface)',
  '--mantine-color-default-hover': 'var(--hover)',
  '--mantine-color-default-color': 'var(--ink)',
  '--mantine-color-default-border': 'var(--line-strong)',
  '--mantine-color-disabled': 'var(--sunken)',
  '--mantine-color-disabled-color': 'var(--ink-3)',
  '--mantine-color-disabled-border': 'var(--line)',
  '--mantine-color-verdigris-filled': 'var(--accent)',
  '--mantine-color-verdigris-filled-hover': 'var(--accent-hover)',
  '--mantine-color-verdigris-light': 'var(--accent-bg)',
  '--mantine-color-verdigris-light-hover': 'var(--hover)',
  '--mantine-color-verdigris-light-color': 'var(--accent)',
  '--mantine-color-verdigris-outline': 'var(--accent)',
  '--mantine-color-verdigris-text': 'var(--accent)',
  '--mantine-primary-color-filled': 'var(--accent)',
  '--mantine-primary-color-filled-hover': 'var(--accent-hover)',
  '--mantine-primary-color-contrast': 'var(--on-accent)',
} as const;

export const cssVariables: CSSVariablesResolver = () => ({ variables: {}, light: ALIASES, dark: ALIASES });
