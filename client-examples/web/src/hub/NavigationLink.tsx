import { useLingui } from "@lingui/react/macro";
import { plural } from "@lingui/core/macro";
import { Link } from "@tanstack/react-router";
import classes from "./HubShell.module.css";
import type { NAVIGATION } from "./navigation";

const none = () => 0;
const no = () => false;

/** A link of the bar, with the number of things that wait. */
export function NavigationLink({ to, label, icon: Icon, useCount = none, useHasMore = no, inMenu }: (typeof NAVIGATION)[number]) {
    const { i18n } = useLingui();
    const count = useCount();
    const hasMore = useHasMore();
    return (
        <Link to={to} className={classes.link} data-in-menu={inMenu} title={i18n._(label)}>
            <Icon size={18} stroke={1.6} aria-hidden />
            <span className={classes.label}>{i18n._(label)}</span>
            {count > 0 && (
                <span className={classes.count} aria-label={plural(count, { one: "# waits", other: "# wait" })}>
                    {count}
                    {hasMore && "+"}
                </span>
            )}
        </Link>
    );
}
