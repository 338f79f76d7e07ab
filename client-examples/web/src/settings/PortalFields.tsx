import { Trans, useLingui } from "@lingui/react/macro";
import { Fieldset, TextInput } from "@mantine/core";
import { AccentField } from "./AccentField";
import type { FieldsProps } from "./fields";
import { LogoField } from "./LogoField";
import type { Settings } from "./queries";

type Portal = Settings["portals"][number];

/** Returns the portals of both tracks. The API leaves out those without settings of their own. */
const portalsOf = (settings: Settings) =>
    (["LAB", "ONE"] as const).map((track): Portal => {
        const { name = null, accentColor = null, logo = null } = settings.portals.find((portal) => portal.track === track) ?? {};
        return { track, name, accentColor, logo };
    });

/** The name, the colour and the logo that the clients of each track see. */
export function PortalFields({ values, onChange }: FieldsProps) {
    const { t } = useLingui();
    const portals = portalsOf(values);
    const change = (track: Portal["track"], changes: Partial<Portal>) =>
        onChange({ portals: portals.map((portal) => (portal.track === track ? { ...portal, ...changes } : portal)) });
    return portals.map(({ track, name, accentColor, logo }) => (
        <Fieldset key={track} legend={<Trans>Portal {track}</Trans>}>
            <TextInput
                label={t`Name`}
                placeholder={values.name}
                maxLength={200}
                value={name ?? ""}
                onChange={(event) => change(track, { name: event.currentTarget.value || null })}
                mb="sm"
            />
            <AccentField
                value={accentColor}
                description={t`Without one, that of the organization.`}
                onChange={(accentColor) => change(track, { accentColor })}
            />
            <LogoField value={logo} onChange={(logo) => change(track, { logo })} />
        </Fieldset>
    ));
}
