import { Trans, useLingui } from "@lingui/react/macro";
import { Progress, Text } from "@mantine/core";
import { formatBytes } from "../text/format";
import { Block } from "../theme/Section";

/** How much of the storage is used. */
export function StorageUse({ used, limit }: { used: number; limit: number }) {
    const { t } = useLingui();
    const percent = limit > 0 ? (used / limit) * 100 : 0;
    const [usedText, limitText] = [formatBytes(used), formatBytes(limit)];
    return (
        <Block>
            <Text className="figures">
                <Trans>
                    <b>{usedText}</b> of {limitText}
                </Trans>
            </Text>
            <Progress value={percent} color={percent > 90 ? "red" : undefined} mt="xs" size="sm" aria-label={t`Storage used`} />
        </Block>
    );
}
