/** Shown while the app starts. The page has the same picture before. */
export const Splash = () => (
    <div className="splash" aria-busy>
        <img src="/icon.svg" width={72} height={72} alt="Dossier" />
    </div>
);
