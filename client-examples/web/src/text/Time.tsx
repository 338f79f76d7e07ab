import { Tooltip } from "@mantine/core";
import { formatAge, formatDateTime, formatRecent } from "./format";
import { useNow } from "./useNow";

interface Props {
    value: string;
    /** Show the duration since then, such as “3 h”, instead of the time. */
    age?: boolean;
}

/** A time, with the exact one on hover. */
export function Time({ value, age = false }: Props) {
    const now = useNow();
    return (
        <Tooltip label={formatDateTime(value)} openDelay={400}>
            <time dateTime={value} style={{ whiteSpace: "nowrap" }}>
                {age ? formatAge(value, now) : formatRecent(value, now)}
            </time>
        </Tooltip>
    );
}
