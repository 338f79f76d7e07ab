import { formatAge, formatDateTime, formatRecent } from "./format";
import { useNow } from "./useNow";

interface Props {
    value: string;
    /** Show the duration since then, such as “3 h”, instead of the time. */
    age?: boolean;
}

/** A time, with the exact one on hover. Lists have hundreds of them, so that it is the browser's own tooltip. */
export function Time({ value, age = false }: Props) {
    const now = useNow();
    return (
        <time dateTime={value} title={formatDateTime(value)} style={{ whiteSpace: "nowrap" }}>
            {age ? formatAge(value, now) : formatRecent(value, now)}
        </time>
    );
}
