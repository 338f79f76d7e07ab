import { Avatar, type AvatarProps } from "@mantine/core";

interface Props extends Pick<AvatarProps, "size" | "radius" | "variant"> {
    name: string;
    /** The role of the person here. */
    label: string;
}

/** The initials of a person with a role, such as the one in charge. */
export const PersonMark = ({ name, label, size = 18, radius = "xl", variant }: Props) => (
    <Avatar size={size} radius={radius} {...(variant && { variant })} name={name} color="initials" title={label} role="img" aria-label={label} />
);
