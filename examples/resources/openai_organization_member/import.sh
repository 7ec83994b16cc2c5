terraform import openai_organization_member.grace grace@example.com
