import { Center, Loader } from "@mantine/core";
import { useEffect, useState } from "react";

/** Shown while the app starts. The sign appears only if this takes a while. */
export function Splash() {
    const [slow, setSlow] = useState(false);
    useEffect(() => {
        const timer = setTimeout(() => setSlow(true), 600);
        return () => clearTimeout(timer);
    }, []);
    return <Center h="100dvh" aria-busy>{slow && <Loader type="dots" color="gray" />}</Center>;
}
