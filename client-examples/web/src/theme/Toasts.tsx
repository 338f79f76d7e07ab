import { Notifications } from "@mantine/notifications";
import classes from "./Toasts.module.css";

export const Toasts = () => <Notifications position="bottom-center" zIndex={300} className={classes.toasts} />;
