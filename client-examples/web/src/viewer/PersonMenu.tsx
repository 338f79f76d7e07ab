import { Avatar, UnstyledButton } from "@mantine/core";
import { Suspense, useState } from "react";
import { lazyPart } from "../theme/lazyPart";
import classes from "./PersonMenu.module.css";
import { RoleName } from "./RoleName";
import { useViewer } from "./ViewerContext";

const load = () => import("./PersonMenuItems");
const PersonMenuItems = lazyPart(() => load().then(({ PersonMenuItems }) => PersonMenuItems));

/** The person who is signed in, with their menu. */
export function PersonMenu() {
    const { displayName, role } = useViewer();
    const [isWanted, setWanted] = useState(false);
    const button = (
        <UnstyledButton className={classes.person} aria-haspopup="menu" onClick={() => setWanted(true)} onPointerEnter={() => void load().catch(() => {})}>
            <Avatar size={28} radius="xl" name={displayName} color="initials" aria-hidden />
            <span className={classes.name}>
                <span className="truncate">{displayName}</span>
                <span className={classes.role}>
                    <RoleName role={role} />
                </span>
            </span>
        </UnstyledButton>
    );
    if (!isWanted) return button;
    return (
        <Suspense fallback={button}>
            <PersonMenuItems target={button} />
        </Suspense>
    );
}
