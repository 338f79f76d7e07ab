import { Trans } from "@lingui/react/macro";
import { Button, Group, Text } from "@mantine/core";
import { IconUserPlus } from "@tabler/icons-react";
import { getRouteApi, Link } from "@tanstack/react-router";
import { Fragment, type ReactNode } from "react";
import { useQuery } from "urql";
import { RecentActivity } from "../activity/RecentActivity";
import { formatDate, formatMoney } from "../text/format";
import { VisibilityMark } from "../theme/VisibilityMark";
import { useViewer } from "../viewer/ViewerContext";
import classes from "./Client.module.css";
import { LegalHold, SetHoldButton } from "./LegalHold";
import { CLIENT } from "./queries";

const route = getRouteApi("/app/hub/dossiers/$clientId");

/** The figures, the contact details and the internal notes of a dossier. */
export function OverviewTab() {
    const { clientId } = route.useParams();
    const { role } = useViewer();
    const [{ data }] = useQuery({ query: CLIENT, variables: { id: clientId } });
    if (!data?.client) return null;
    const { figures, email, phone, billingAddress, internalNotes, createdAt, status } = data.client;
    const details: [ReactNode, ReactNode][] = [
        [<Trans>Email</Trans>, email && <a href={`mailto:${email}`}>{email}</a>],
        [<Trans>Phone</Trans>, phone && <a href={`tel:${phone}`}>{phone}</a>],
        [<Trans>Billing address</Trans>, billingAddress],
        [<Trans>Client since</Trans>, formatDate(createdAt)],
    ];
    return (
        <>
            <div className={classes.facts}>
                {figures?.map(({ currency, due, invoiced, paid }) => (
                    <div key={currency} className={classes.figures}>
                        <Figure label={<Trans>Due</Trans>} value={formatMoney(due)} />
                        <Figure label={<Trans>Invoiced</Trans>} value={formatMoney(invoiced)} />
                        <Figure label={<Trans>Paid</Trans>} value={formatMoney(paid)} />
                    </div>
                ))}
                <dl className={classes.card}>
                    {details.map(
                        ([label, value], index) =>
                            value && (
                                <Fragment key={index}>
                                    <dt>{label}</dt>
                                    <dd>{value}</dd>
                                </Fragment>
                            ),
                    )}
                </dl>
            </div>
            <LegalHold client={data.client} />
            <Group gap={8} className={classes.buttons}>
                {role !== "STAFF" && status !== "ARCHIVED" && (
                    <Button
                        size="xs"
                        variant="default"
                        leftSection={<IconUserPlus size={16} aria-hidden />}
                        renderRoot={(props) => <Link to="/people/invite" search={{ dossier: clientId }} {...props} />}
                    >
                        <Trans>Invite to the portal</Trans>
                    </Button>
                )}
                {!data.client.legalHold && <SetHoldButton client={data.client} />}
            </Group>
            {internalNotes && (
                <section className={classes.notes}>
                    <VisibilityMark visible={false} />
                    <Text mt={4}>{internalNotes}</Text>
                </section>
            )}
            <RecentActivity clientId={clientId} />
        </>
    );
}

const Figure = ({ label, value }: { label: ReactNode; value: string }) => (
    <div className={classes.figure}>
        <Text fz={12} c="dimmed">
            {label}
        </Text>
        <Text fz={20} fw={600} className="figures truncate">
            {value}
        </Text>
    </div>
);
