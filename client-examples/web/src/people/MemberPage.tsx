import { Trans } from "@lingui/react/macro";
import { Anchor, Avatar, Group, Text } from "@mantine/core";
import { IconUserOff } from "@tabler/icons-react";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useQuery } from "urql";
import { EmptyState } from "../states/EmptyState";
import { ErrorState } from "../states/ErrorState";
import { PageSkeleton } from "../states/PageSkeleton";
import { formatDate } from "../text/format";
import { Block, Section, Sections, SettingRow } from "../theme/Section";
import { Chip } from "../theme/Chip";
import { RoleName } from "../viewer/RoleName";
import { useViewer } from "../viewer/ViewerContext";
import { MemberAccess } from "./MemberAccess";
import { MemberFactor } from "./MemberFactor";
import { MemberSessions } from "./MemberSessions";
import { MemberState } from "./MemberState";
import classes from "./People.module.css";
import { PersonHead } from "./PersonHead";
import { MEMBER } from "./queries";
import { RoleForm } from "./RoleForm";

const route = getRouteApi("/app/hub/people/$memberId");

/** A member, and what the viewer may change about them. */
export function MemberPage() {
    const { memberId } = route.useParams();
    const { role: ownRole, member: self } = useViewer();
    const owner = ownRole === "OWNER";
    const [{ data, error }, read] = useQuery({
        query: MEMBER,
        variables: { id: memberId, owner },
        requestPolicy: "cache-and-network",
    });
    if (error && !data) return <ErrorState error={error} onRetry={() => read({ requestPolicy: "network-only" })} />;
    if (!data) return <PageSkeleton />;
    const member = data.node;
    if (member?.__typename !== "Member") {
        return <EmptyState icon={IconUserOff} title={<Trans>This person is not a member, or you cannot see them.</Trans>} />;
    }
    const { displayName, email, role, client, sites, createdAt } = member;
    const isSelf = self?.id === member.id;
    const since = formatDate(createdAt);
    return (
        <article key={memberId}>
            <PersonHead avatar={<Avatar size={44} radius="xl" name={displayName} color="initials" aria-hidden />} title={displayName}>
                <Text c="dimmed">{email}</Text>
                <Group gap={6} mt={6}>
                    <Chip>
                        <RoleName role={role} />
                    </Chip>
                    <MemberState member={member} />
                    <Text span fz={13} c="dimmed">
                        <Trans>Member since {since}</Trans>
                    </Text>
                </Group>
            </PersonHead>
            <div className={classes.body}>
                <Sections>
                    {owner && !isSelf ? (
                        <Section title={<Trans>Role</Trans>} text={<Trans>A change works at once.</Trans>}>
                            <Block>
                                <RoleForm key={`${role}${client?.id}${sites.length}`} member={member} />
                            </Block>
                        </Section>
                    ) : (
                        <Section title={<Trans>Role</Trans>}>
                            <SettingRow
                                name={<RoleName role={role} />}
                                meta={
                                    client ? (
                                        <Anchor fz="inherit" renderRoot={(props) => <Link to="/dossiers/$clientId" params={{ clientId: client.id }} {...props} />}>
                                            {client.name}
                                        </Anchor>
                                    ) : (
                                        sites.map(({ name }) => name).join(", ")
                                    )
                                }
                            />
                        </Section>
                    )}
                    {isSelf && (
                        <Section title={<Trans>That is you</Trans>}>
                            <SettingRow name={<Trans>Name, password, factors and sessions</Trans>}>
                                <Anchor renderRoot={(props) => <Link to="/account" {...props} />}>
                                    <Trans>My account</Trans>
                                </Anchor>
                            </SettingRow>
                        </Section>
                    )}
                    {owner && !isSelf && <MemberFactor member={member} />}
                    {owner && !isSelf && <MemberSessions member={member} />}
                    {!isSelf && (owner || role === "CLIENT") && <MemberAccess member={member} />}
                </Sections>
            </div>
        </article>
    );
}
