/** A link of the router that looks like a button. */
import { createLink, type LinkComponent } from "@tanstack/react-router";
import { Button, type ButtonProps } from "antd";
import type { ComponentProps } from "react";

// The router keeps `type` for itself (the type of a resource), so the look travels under another name.
const Looking = createLink(({ look = "default", ...rest }: ButtonProps & { look?: NonNullable<ButtonProps["type"]> }) => <Button type={look} {...rest} />);

export const ButtonLink = (({ type, ...rest }: ButtonProps) => (
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-assertion -- without it tsc asks for `to`, which the caller gives
  <Looking {...({ ...rest, ...(type ? { look: type } : {}) } as unknown as ComponentProps<typeof Looking>)} />
)) as unknown as LinkComponent<typeof Button>;
