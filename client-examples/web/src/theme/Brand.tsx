import classes from "./Brand.module.css";

/** The logo of the agency, or the first letter of its name, and the name. */
export const Brand = ({ name, logo }: { name: string; logo: string | null | undefined }) => (
    <>
        {logo ? (
            <img className={classes.logo} src={logo} alt="" />
        ) : (
            <span className={classes.mark} aria-hidden>
                {name[0]}
            </span>
        )}
        <span className="truncate">{name}</span>
    </>
);
