import { Button, type ButtonProps } from '@mantine/core';
import { createPolymorphicComponent } from '@mantine/core';

/** The one thing to do next on a page. A page has at most one: it is the only vermilion there is. */
export const NextButton = createPolymorphicComponent<'button', ButtonProps>((props: ButtonProps) => (
  <Button variant="filled" color="vermilion" {...props} />
));
