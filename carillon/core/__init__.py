"""The core process: its composition root and the small adapters that join the services to bus, IVR and database."""
