import { Text } from "@mantine/core";

/** Why a form was refused, in the server's words. */
export const FormError = ({ children }: { children: string | undefined }) =>
    children && (
        <Text c="var(--overdue)" fz="sm" role="alert">
            {children}
        </Text>
    );
