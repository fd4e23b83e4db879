"""How heavy the respondent's page is, and how soon it can be used on a slow telephone."""
