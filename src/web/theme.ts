import {
  createTheme,
  defaultVariantColorsResolver,
  type CSSVariablesResolver,
  type MantineColorsTuple,
} from '@mantine/core';
import { t } from './catalogue/index.ts';

/** Paper and ink: warm greys, and vermilion only for the one thing to do next. */
const ink: MantineColorsTuple = [
  '#faf6ee',
  '#efe9df',
  '#ddd4c5',
  '#c9beac',
  '#a89f93',
  '#857b70',
  '#5f5850',
  '#443e38',
  '#2b2723',
  '#1b1917',
];
const dark: MantineColorsTuple = [
  '#efe9df',
  '#d2cabf',
  '#a89f93',
  '#857b70',
  '#4d463e',
  '#38332d',
  '#211e1b',
  '#161412',
  '#100e0d',
  '#0a0908',
];
/** Shade 9 is the filled one in light, 1 in dark (`primaryShade`). */
const vermilion: MantineColorsTuple = [
  '#ffece6',
  '#f2714f',
  '#f7b5a2',
  '#f2957b',
  '#ee7a5a',
  '#e86544',
  '#e0512d',
  '#d64423',
  '#cc3d1e',
  '#bf3413',
];
const red: MantineColorsTuple = [
  '#fdeceb',
  '#ee8074',
  '#f3aaa2',
  '#ec8b81',
  '#e57064',
  '#dd594c',
  '#d04437',
  '#c1372b',
  '#b32f24',
  '#a8281f',
];

export const theme = createTheme({
  colors: { ink, dark, gray: ink, vermilion, red },
  white: '#fffdf8',
  black: '#1b1917',
  primaryColor: 'ink',
  primaryShade: { light: 9, dark: 1 },
  autoContrast: true,
  luminanceThreshold: 0.24,
  // Filled is dark in light and light in dark, whatever the colour: its words are of the other kind.
  // Mantine's own choice knows only the light shade.
  variantColorResolver: (input) => {
    const colours = defaultVariantColorsResolver(input);
    return input.variant === 'filled'
      ? { ...colours, color: 'var(--mantine-primary-color-contrast)' }
      : colours;
  },
  defaultRadius: 'sm',
  fontFamily: "'Instrument Sans Variable', 'Segue Sans Fallback', system-ui, sans-serif",
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
  fontSizes: { xs: '0.8125rem', sm: '0.875rem', md: '0.9375rem', lg: '1.0625rem', xl: '1.25rem' },
  headings: {
    fontFamily: "'Fraunces Variable', 'Iowan Old Style', Palatino, Georgia, serif",
    fontWeight: '500',
    sizes: {
      h1: { fontSize: '1.875rem', lineHeight: '1.15' },
      h2: { fontSize: '1.25rem', lineHeight: '1.25' },
      h3: { fontSize: '1.0625rem', lineHeight: '1.3' },
    },
  },
  respectReducedMotion: true,
  cursorType: 'pointer',
  components: {
    Button: { defaultProps: { variant: 'default' } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'ink' } },
    Modal: { defaultProps: { centered: true, radius: 'md', transitionProps: { duration: 160 } } },
    // Their heads are no banner of the page.
    ModalHeader: { defaultProps: { role: 'presentation' } },
    DrawerHeader: { defaultProps: { role: 'presentation' } },
    Drawer: { defaultProps: { transitionProps: { duration: 160 } } },
    // The placeholder is no item that a menu may hold.
    Menu: {
      defaultProps: {
        transitionProps: { duration: 150 },
        radius: 'md',
        withInitialFocusPlaceholder: false,
      },
    },
    // Seen on the filled shade of both schemes.
    Checkbox: { defaultProps: { iconColor: 'var(--paper)' } },
    Radio: { defaultProps: { iconColor: 'var(--paper)' } },
    PasswordInput: {
      defaultProps: { visibilityToggleButtonProps: { 'aria-label': t.shell.showPassword } },
    },
    Tooltip: { defaultProps: { openDelay: 300, transitionProps: { duration: 150 } } },
  },
});

/** What Mantine's own parts are drawn with; `theme.css` holds the names our own styles use. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#faf6ee',
    '--mantine-color-text': '#1b1917',
    '--mantine-color-dimmed': '#5f5850',
    '--mantine-color-placeholder': '#6d655b',
    '--mantine-color-anchor': '#1b1917',
    '--mantine-color-default': '#fffdf8',
    '--mantine-color-default-hover': '#f4eee2',
    '--mantine-color-default-border': '#c9beac',
    '--mantine-color-error': '#a8281f',
  },
  dark: {
    '--mantine-color-body': '#161412',
    '--mantine-color-text': '#efe9df',
    '--mantine-color-dimmed': '#a89f93',
    '--mantine-color-placeholder': '#988f84',
    '--mantine-color-anchor': '#efe9df',
    '--mantine-color-default': '#211e1b',
    '--mantine-color-default-hover': '#2b2723',
    '--mantine-color-default-border': '#4d463e',
    '--mantine-color-error': '#f0948a',
  },
});
