import { Plural, Trans } from "@lingui/react/macro";
import { Text } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { getRouteApi } from "@tanstack/react-router";
import { useQuery } from "urql";
import { usePages } from "../graphql/usePages";
import { EmptyState } from "../states/EmptyState";
import { ErrorState } from "../states/ErrorState";
import { ListSkeleton } from "../states/ListSkeleton";
import { LoadMore } from "../states/LoadMore";
import classes from "./Files.module.css";
import { TRASH, TRASH_RULES } from "./trash";
import { TrashRow } from "./TrashRow";

const route = getRouteApi("/app/hub/dossiers/$clientId");

/** The deleted files of a dossier, as far as the viewer may restore them. */
export function TrashPage() {
    const { clientId } = route.useParams();
    const { rows, more, error, retry } = usePages(TRASH, { filter: { clientId } }, "cache-and-network");
    const [{ data: rules }] = useQuery({ query: TRASH_RULES, variables: { clientId }, requestPolicy: "cache-and-network" });
    const organization = rules?.viewer?.organization;
    const retainedDays = (zone: string) => organization?.zoneRetention.find((retention) => retention.zone === zone)?.days;
    return (
        <section className={classes.list}>
            {organization && (
                <Text fz={13} className={classes.banner}>
                    <IconTrash size={15} stroke={1.7} aria-hidden />
                    <Plural value={organization.trashDays} one="Deleted files stay here for # day." other="Deleted files stay here for # days." />
                </Text>
            )}
            {error && !rows ? (
                <ErrorState error={error} onRetry={retry} />
            ) : !rows ? (
                <ListSkeleton height={68} />
            ) : rows.length === 0 ? (
                <EmptyState icon={IconTrash} title={<Trans>The trash is empty.</Trans>} />
            ) : (
                <ul className={classes.rows}>
                    {rows.map((document) => (
                        <TrashRow
                            key={document.id}
                            document={document}
                            hold={rules?.client?.legalHold?.reason}
                            retainedDays={retainedDays(document.zone)}
                        />
                    ))}
                </ul>
            )}
            {more && <LoadMore {...more} key={more.key} />}
        </section>
    );
}
