import { Avatar } from "@mantine/core";
import { IconSparkles } from "@tabler/icons-react";
import classes from "./Messages.module.css";
import type { Message } from "./queries";

/** The initials of a person, or the mark of the assistant. */
export const AuthorMark = ({ author, size = 28 }: { author: Message["author"]; size?: number }) =>
    author.kind === "ASSISTANT" ? (
        <span className={classes.assistant} style={{ width: size, height: size }} aria-hidden>
            <IconSparkles size={size * 0.6} stroke={1.7} />
        </span>
    ) : (
        <Avatar size={size} radius="xl" name={author.displayName} color="initials" aria-hidden />
    );
