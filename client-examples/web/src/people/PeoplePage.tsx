import { Trans, useLingui } from "@lingui/react/macro";
import { Button, SegmentedControl, Title } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { IconUserPlus } from "@tabler/icons-react";
import { getRouteApi, Link, Outlet, useMatchRoute, useNavigate } from "@tanstack/react-router";
import { ListDetail } from "../hub/ListDetail";
import table from "../hub/Table.module.css";
import { InvitationList } from "./InvitationList";
import { MemberList } from "./MemberList";
import classes from "./People.module.css";
import type { PeopleSearch } from "./search";

const route = getRouteApi("/app/hub/people");

/** The members of the agency, those of its clients, and open invitations. */
export function PeoplePage() {
    const { t } = useLingui();
    useDocumentTitle(t`People`);
    const { show } = route.useSearch();
    const navigate = useNavigate();
    const open = !useMatchRoute()({ to: "/people" });
    const list = (
        <>
            <div className={`${table.header} ${classes.header}`} data-open={open}>
                <Title order={1} size="h4" flex={1}>
                    <Trans>People</Trans>
                </Title>
                <SegmentedControl
                    size="xs"
                    fullWidth
                    className={classes.show}
                    aria-label={t`Show`}
                    value={show ?? "agency"}
                    onChange={(value) =>
                        void navigate({ to: "/people", search: value === "agency" ? {} : { show: value as PeopleSearch["show"] & string } })
                    }
                    data={[
                        { value: "agency", label: t`Agency` },
                        { value: "clients", label: t`Clients` },
                        { value: "invitations", label: t`Invitations` },
                    ]}
                />
                <Button
                    size="xs"
                    leftSection={<IconUserPlus size={16} aria-hidden />}
                    renderRoot={(props) => <Link to="/people/invite" search={show ? { show } : {}} {...props} />}
                >
                    <Trans>Invite</Trans>
                </Button>
            </div>
            <div className={`${table.rows} ${classes.columns}`}>{show === "invitations" ? <InvitationList /> : <MemberList clients={show === "clients"} />}</div>
        </>
    );
    return <ListDetail wide open={open} list={list} detail={open ? <Outlet /> : null} />;
}
