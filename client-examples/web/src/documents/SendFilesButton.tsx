import { Trans } from "@lingui/react/macro";
import { Button, FileButton } from "@mantine/core";
import { IconUpload } from "@tabler/icons-react";
import classes from "./SendFilesButton.module.css";

/** Chooses files to send. On phones, it is within reach of the thumb. */
export function SendFilesButton({ onFiles }: { onFiles: (files: File[]) => void }) {
    return (
        <FileButton multiple onChange={onFiles}>
            {(props) => (
                <Button size="md" className={classes.button} leftSection={<IconUpload size={18} />} {...props}>
                    <Trans>Send files</Trans>
                </Button>
            )}
        </FileButton>
    );
}
