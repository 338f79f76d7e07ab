import { Trans, useLingui } from "@lingui/react/macro";
import { Button, FileButton, NativeSelect, TextInput } from "@mantine/core";
import { IconSearch, IconUpload } from "@tabler/icons-react";
import classes from "./Files.module.css";
import type { DocumentOrder } from "./sortDocuments";

interface Props {
    search: string;
    order: DocumentOrder;
    onSearch: (text: string) => void;
    onOrder: (order: DocumentOrder) => void;
    /** Undefined if the viewer may not upload to the zone. */
    onFiles: ((files: File[]) => void) | undefined;
}

/** Search, order, and the button that uploads. */
export function ZoneHeader({ search, order, onSearch, onOrder, onFiles }: Props) {
    const { t } = useLingui();
    return (
        <div className={classes.tools}>
            <TextInput
                size="xs"
                className={classes.search}
                type="search"
                placeholder={t`Search a name`}
                aria-label={t`Search a name`}
                leftSection={<IconSearch size={14} />}
                value={search}
                onChange={(event) => onSearch(event.currentTarget.value)}
            />
            <NativeSelect
                size="xs"
                className={classes.order}
                aria-label={t`Order`}
                value={order}
                onChange={(event) => onOrder(event.currentTarget.value as DocumentOrder)}
                data={[
                    { value: "UPDATED_AT_DESC", label: t`Last changed` },
                    { value: "NAME_ASC", label: t`By name` },
                    { value: "CREATED_AT_DESC", label: t`Newest` },
                ]}
            />
            {onFiles && (
                <FileButton multiple onChange={onFiles}>
                    {(props) => (
                        <Button size="xs" leftSection={<IconUpload size={15} />} {...props}>
                            <Trans>Upload</Trans>
                        </Button>
                    )}
                </FileButton>
            )}
        </div>
    );
}
