export const flows = {
  title: 'Flows',
  one: 'Flow',
  views: 'Views of this flow',
  edit: 'Edit',
  results: 'Results',
};
