import { Trans } from "@lingui/react/macro";
import { Code } from "@mantine/core";
import { ConfirmButton } from "../states/ConfirmButton";
import { formatDate } from "../text/format";
import { Time } from "../text/Time";
import { Chip } from "../theme/Chip";
import { SettingRow } from "../theme/Section";
import { REVOKE_API_KEY, type ApiKey } from "./queries";
import { scopeText } from "./scopes";

/** A key: how to recognize it, what it may do, and its last use. */
export function ApiKeyRow({ apiKey }: { apiKey: ApiKey }) {
    const { id, name, tokenStart, status, scopes, site, networks, creator, createdAt, expiresAt, revokedAt, lastUsedAt, lastNetwork } = apiKey;
    const created = formatDate(createdAt);
    const expires = expiresAt && formatDate(expiresAt);
    const revoked = revokedAt && formatDate(revokedAt);
    return (
        <SettingRow
            name={
                <>
                    {name}
                    <Code>{tokenStart}…</Code>
                    {status === "REVOKED" && (
                        <Chip>
                            <Trans>Revoked</Trans>
                        </Chip>
                    )}
                    {status === "EXPIRED" && (
                        <Chip>
                            <Trans>Expired</Trans>
                        </Chip>
                    )}
                </>
            }
            meta={
                <>
                    <div>
                        {lastUsedAt ? (
                            <Trans>
                                Used <Time value={lastUsedAt} />
                            </Trans>
                        ) : (
                            <Trans>Never used</Trans>
                        )}
                        {lastNetwork && ` (${lastNetwork})`}
                        {" · "}
                        <Trans>
                            created on {created} by {creator.displayName}
                        </Trans>
                        {revoked ? (
                            <>
                                {" · "}
                                <Trans>revoked on {revoked}</Trans>
                            </>
                        ) : (
                            expires && (
                                <>
                                    {" · "}
                                    <Trans>valid until {expires}</Trans>
                                </>
                            )
                        )}
                    </div>
                    <div>
                        {[site?.name, ...networks].filter(Boolean).map((limit) => `${limit} · `)}
                        {scopes.map(scopeText).join(", ")}
                    </div>
                </>
            }
        >
            {status === "ACTIVE" && (
                <ConfirmButton
                    label={<Trans>Revoke</Trans>}
                    title={<Trans>Revoke the key “{name}”?</Trans>}
                    mutation={REVOKE_API_KEY}
                    variables={{ input: { id } }}
                    dangerous
                >
                    <Trans>Scripts with this key stop working at once. It cannot be undone.</Trans>
                </ConfirmButton>
            )}
        </SettingRow>
    );
}
