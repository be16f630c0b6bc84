"""In and out: FAQs as YAML, CSV and XLSX files."""
