import { Trans, useLingui } from "@lingui/react/macro";
import { ActionIcon, Menu } from "@mantine/core";
import { useFileDialog } from "@mantine/hooks";
import {
    IconCode,
    IconDots,
    IconDownload,
    IconFilePlus,
    IconFolderSymlink,
    IconPencil,
    IconTrash,
} from "@tabler/icons-react";
import { useState } from "react";
import { uploads } from "../uploads/uploads";
import { useViewer } from "../viewer/ViewerContext";
import { CursorDialog } from "./CursorDialog";
import { cursorUrl, useLocalFolder } from "./cursor";
import { DeleteDialog } from "./DeleteDialog";
import type { DocumentFields } from "./queries";
import { RenameDialog } from "./RenameDialog";
import { useDocumentActions } from "./useDocumentActions";
import { useDownload } from "./useDownload";
import { seesZone, ZONES } from "./zones";

/** The actions on a document that the server allows. */
export function DocumentMenu({ document, clientId }: { document: DocumentFields; clientId: string }) {
    const { t, i18n } = useLingui();
    const { role } = useViewer();
    const { id, name, zone, viewerCan, latestVersion } = document;
    const { move } = useDocumentActions(document);
    const download = useDownload();
    const chooseVersion = useFileDialog({
        multiple: false,
        onChange: (files) => files && uploads.add([...files], name, () => ({ newVersionOf: id })),
    });
    const [dialog, setDialog] = useState<"RENAME" | "DELETE" | "CURSOR">();
    const [folder] = useLocalFolder(clientId);
    const close = () => setDialog(undefined);
    const openInCursor = () => {
        if (folder) location.href = cursorUrl(folder, document);
        else setDialog("CURSOR");
    };
    return (
        <>
            <Menu position="bottom-end" withinPortal>
                <Menu.Target>
                    <ActionIcon variant="subtle" color="gray" aria-label={t`Actions for ${name}`}>
                        <IconDots size={18} />
                    </ActionIcon>
                </Menu.Target>
                <Menu.Dropdown>
                    {latestVersion && (
                        <Menu.Item leftSection={<IconDownload size={16} />} onClick={() => void download(latestVersion.id)}>
                            <Trans>Download</Trans>
                        </Menu.Item>
                    )}
                    {latestVersion && (
                        <Menu.Item leftSection={<IconCode size={16} />} onClick={openInCursor}>
                            <Trans>Open in Cursor</Trans>
                        </Menu.Item>
                    )}
                    {viewerCan.includes("UPLOAD_VERSION") && (
                        <Menu.Item leftSection={<IconFilePlus size={16} />} onClick={chooseVersion.open}>
                            <Trans>Upload a new version</Trans>
                        </Menu.Item>
                    )}
                    {viewerCan.includes("RENAME") && (
                        <Menu.Item leftSection={<IconPencil size={16} />} onClick={() => setDialog("RENAME")}>
                            <Trans>Rename</Trans>
                        </Menu.Item>
                    )}
                    {viewerCan.includes("MOVE") && (
                        <Menu.Sub position="left-start">
                            <Menu.Sub.Target>
                                <Menu.Sub.Item leftSection={<IconFolderSymlink size={16} />}>
                                    <Trans>Move to</Trans>
                                </Menu.Sub.Item>
                            </Menu.Sub.Target>
                            <Menu.Sub.Dropdown>
                                {ZONES.filter((entry) => entry.zone !== zone && seesZone(role, entry.zone)).map(
                                    ({ zone, label, icon: Icon }) => (
                                        <Menu.Item key={zone} leftSection={<Icon size={16} />} onClick={() => void move(zone)}>
                                            {i18n._(label)}
                                        </Menu.Item>
                                    ),
                                )}
                            </Menu.Sub.Dropdown>
                        </Menu.Sub>
                    )}
                    {viewerCan.includes("DELETE") && (
                        <>
                            <Menu.Divider />
                            <Menu.Item c="var(--overdue)" leftSection={<IconTrash size={16} />} onClick={() => setDialog("DELETE")}>
                                <Trans>Delete</Trans>
                            </Menu.Item>
                        </>
                    )}
                </Menu.Dropdown>
            </Menu>
            {dialog === "RENAME" && <RenameDialog document={document} onClose={close} />}
            {dialog === "DELETE" && <DeleteDialog document={document} onClose={close} />}
            {dialog === "CURSOR" && <CursorDialog document={document} clientId={clientId} onClose={close} />}
        </>
    );
}
