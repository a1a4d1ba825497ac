"""The study as one document: sections of text, tables, figures and pictures, written as HTML and Markdown."""
