import { useLocation } from "@tanstack/react-router";
import { useEffect, useRef, type ReactNode } from "react";
import classes from "./LinkBar.module.css";

interface Props {
    label: string;
    className: string | undefined;
    children: ReactNode;
}

/** Links in one line, such as tabs. Where the screen is too narrow for them, the current one is scrolled into view. */
export function LinkBar({ label, className, children }: Props) {
    const nav = useRef<HTMLElement>(null);
    const { href } = useLocation();
    useEffect(() => {
        const [current] = nav.current?.querySelectorAll<HTMLElement>('[aria-current]:not([aria-current="false"])') ?? [];
        if (!nav.current || !current) return;
        // `scrollIntoView` would scroll the page as well.
        const middle = current.offsetLeft - nav.current.offsetLeft + current.offsetWidth / 2;
        nav.current.scrollTo({ left: middle - nav.current.clientWidth / 2 });
    }, [href]);
    return (
        <nav ref={nav} className={`${classes.bar} ${className}`} aria-label={label}>
            {children}
        </nav>
    );
}
