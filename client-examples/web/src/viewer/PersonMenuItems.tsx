import { Plural, Trans } from "@lingui/react/macro";
import { Menu, useMantineColorScheme } from "@mantine/core";
import { IconArrowsExchange, IconKeyboard, IconLanguage, IconLogout, IconMoon, IconSun, IconUserCog } from "@tabler/icons-react";
import { useLingui } from "@lingui/react";
import { Link } from "@tanstack/react-router";
import type { ReactElement } from "react";
import { navigationOf } from "../hub/navigation";
import { outbox } from "../outbox/outbox";
import { deleteEntries } from "../outbox/storage";
import { useEntryCount } from "../outbox/useEntries";
import { session } from "../session/session";
import { useSession } from "../session/useSession";
import { useShowShortcuts } from "../shortcuts/HelpContext";
import { notifyFailure } from "../states/notify";
import { chooseLanguage } from "../text/language";
import { deleteUploads } from "../uploads/saved";
import classes from "./PersonMenu.module.css";
import { RoleName } from "./RoleName";
import { useViewer } from "./ViewerContext";

/** Other memberships, language, colour scheme, and signing out. It is loaded when it is opened. */
export function PersonMenuItems({ target }: { target: ReactElement }) {
    const { id, displayName, email, role, organization } = useViewer();
    const { i18n } = useLingui();
    const { colorScheme, setColorScheme } = useMantineColorScheme();
    const state = useSession();
    const showShortcuts = useShowShortcuts();
    const others =
        state.status === "signedIn"
            ? state.memberships.filter((other) => other.organizationSlug !== organization?.slug || other.role !== role)
            : [];
    const unsent = useEntryCount();
    const french = i18n.locale === "fr";
    const leave = async (action: () => Promise<void>) => {
        await outbox.flush();
        await action().catch((cause: unknown) => notifyFailure(displayName, cause));
    };
    const signOut = async () => {
        await session.signOut();
        deleteEntries(email);
        deleteUploads(id);
    };
    return (
        <Menu defaultOpened position="top-start" width={240}>
            <Menu.Target>{target}</Menu.Target>
            <Menu.Dropdown>
                <Menu.Label>{email}</Menu.Label>
                <Menu.Item
                    leftSection={<IconUserCog size={16} />}
                    renderRoot={(props) => <Link to={role === "CLIENT" ? "/portal/account" : "/account"} {...props} />}
                >
                    <Trans>My account</Trans>
                </Menu.Item>
                {role !== "CLIENT" &&
                    navigationOf(role)
                        .filter(({ inMenu }) => inMenu)
                        .map(({ to, label, icon: Icon }) => (
                            <Menu.Item
                                key={to}
                                className={classes.narrow}
                                leftSection={<Icon size={16} />}
                                renderRoot={(props) => <Link to={to} {...props} />}
                            >
                                {i18n._(label)}
                            </Menu.Item>
                        ))}
                {role !== "CLIENT" && (
                    <Menu.Item visibleFrom="sm" leftSection={<IconKeyboard size={16} />} onClick={showShortcuts}>
                        <Trans>Keyboard shortcuts</Trans>
                    </Menu.Item>
                )}
                {others.map((other) => (
                    <Menu.Item
                        key={other.id}
                        leftSection={<IconArrowsExchange size={16} />}
                        onClick={() => void leave(() => session.switchTo(other.id))}
                    >
                        {other.organizationName} · <RoleName role={other.role} />
                    </Menu.Item>
                ))}
                <Menu.Item leftSection={<IconLanguage size={16} />} onClick={() => void chooseLanguage(french ? "en" : "fr")}>
                    {french ? "English" : "Français"}
                </Menu.Item>
                {colorScheme === "dark" ? (
                    <Menu.Item leftSection={<IconSun size={16} />} onClick={() => setColorScheme("light")}>
                        <Trans>Light colours</Trans>
                    </Menu.Item>
                ) : (
                    <Menu.Item leftSection={<IconMoon size={16} />} onClick={() => setColorScheme("dark")}>
                        <Trans>Dark colours</Trans>
                    </Menu.Item>
                )}
                <Menu.Divider />
                <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void leave(signOut)}>
                    <Plural
                        value={unsent}
                        _0="Sign out"
                        one="Sign out, and delete # unsent change"
                        other="Sign out, and delete # unsent changes"
                    />
                </Menu.Item>
            </Menu.Dropdown>
        </Menu>
    );
}
