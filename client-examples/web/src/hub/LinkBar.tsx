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
    const ref = useRef<HTMLElement>(null);
    const { href } = useLocation();
    useEffect(() => {
        const bar = ref.current!;
        const observer = new ResizeObserver(() => fade(bar));
        observer.observe(bar);
        return () => observer.disconnect();
    }, []);
    useEffect(() => {
        const bar = ref.current!;
        const current = bar.querySelector<HTMLElement>('[aria-current]:not([aria-current="false"])');
        // `scrollIntoView` would scroll the page as well.
        if (current) bar.scrollTo({ left: current.offsetLeft - bar.offsetLeft - (bar.clientWidth - current.offsetWidth) / 2 });
        fade(bar);
    }, [href]);
    return (
        <nav ref={ref} className={`${classes.bar} ${className}`} aria-label={label} onScroll={(event) => fade(event.currentTarget)}>
            {children}
        </nav>
    );
}

/** Says where links are cut off. There they fade out. */
function fade(bar: HTMLElement) {
    const hidden = bar.scrollWidth - bar.clientWidth;
    bar.dataset.before = String(bar.scrollLeft > 1);
    bar.dataset.after = String(bar.scrollLeft < hidden - 1);
}
