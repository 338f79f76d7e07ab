import { Trans } from "@lingui/react/macro";
import { FileButton, UnstyledButton } from "@mantine/core";
import { IconMessagePlus, IconUpload } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useSendFiles } from "../documents/useSendFiles";
import classes from "./OneActions.module.css";

/** The two things that a client of the track `ONE` does most. */
export function OneActions() {
    const { allowed, sendFiles } = useSendFiles();
    return (
        <div className={classes.actions}>
            {allowed && (
                <FileButton multiple onChange={sendFiles}>
                    {(props) => (
                        <UnstyledButton className={classes.action} {...props}>
                            <IconUpload size={22} stroke={1.6} aria-hidden />
                            <Trans>Send files</Trans>
                        </UnstyledButton>
                    )}
                </FileButton>
            )}
            <Link to="/portal/messages/new" className={classes.action}>
                <IconMessagePlus size={22} stroke={1.6} aria-hidden />
                <Trans>Write a message</Trans>
            </Link>
        </div>
    );
}
