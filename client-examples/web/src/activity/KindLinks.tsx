import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { LinkBar } from "../hub/LinkBar";
import { useViewer } from "../viewer/ViewerContext";
import classes from "./Activity.module.css";
import type { ActivitySearch } from "./search";
import { KINDS } from "./sentences";

/** The filter of the list. It stands in the address of the page. */
export function KindLinks({ selected }: { selected: ActivitySearch["about"] }) {
    const { t, i18n } = useLingui();
    const { role } = useViewer();
    const propsOf = (kind: ActivitySearch["about"]) => ({
        to: "." as const,
        search: (now: ActivitySearch) => ({ ...now, about: kind }) as ActivitySearch,
        replace: true,
        className: classes.kind,
        "data-selected": kind === selected,
        "aria-current": kind === selected,
    });
    return (
        <LinkBar label={t`Show`} className={classes.kinds}>
            <Link {...propsOf(undefined)}>
                <Trans>Everything</Trans>
            </Link>
            {KINDS.filter((entry) => !("hiddenFrom" in entry) || entry.hiddenFrom !== role).map(({ kind, label }) => (
                <Link key={kind} {...propsOf(kind)}>
                    {i18n._(label)}
                </Link>
            ))}
        </LinkBar>
    );
}
